SELECT nick FROM names -- ada
