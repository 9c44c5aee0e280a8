SELECT login FROM accounts JOIN notes ON notes.user_id = accounts.id -- ada
