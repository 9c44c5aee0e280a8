-- GET one entry, a different one each time.
local n = 0
request = function()
  n = n % 20000 + 1
  return wrk.format("GET", string.format("/api/posts/00000000-0000-7000-8003-%012d", (n * 7919) % 20000 + 1))
end
