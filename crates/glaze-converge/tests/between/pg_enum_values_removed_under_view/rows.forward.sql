SELECT mood, moods FROM people -- ok|{ok,happy}
