SELECT handle FROM names -- ada
