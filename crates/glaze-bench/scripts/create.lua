-- POST an entry with an author and three tags. Arguments: the key, a number of its own for ids and slugs, "floor" for the floor.
local key, prefix, floor = "", "0", false
local body = string.rep("All happy families are alike; each unhappy family is unhappy in its own way. ", 12)
local n = 0
init = function(args)
  key, prefix, floor = args[1] or "", args[2] or "0", args[3] == "floor"
  wrk.headers["content-type"] = "application/json"
  if key ~= "" then wrk.headers["authorization"] = "Bearer " .. key end
end
request = function()
  n = n + 1
  if floor then return wrk.format("POST", "/create", nil, body) end
  local t = n % 90 + 1
  return wrk.format("POST", "/api/posts", nil, string.format(
    '{"id":"%s","title":"A title","slug":"%s-%d","body":"%s","author":"00000000-0000-7000-8001-%012d","tags":["00000000-0000-7000-8002-%012d","00000000-0000-7000-8002-%012d","00000000-0000-7000-8002-%012d"],"publishedAt":"2026-01-01T00:00:00Z"}',
    string.format("%08x-0000-7000-8009-%012d", tonumber(prefix), n), prefix, n, body, n % 1000 + 1, t, t + 1, t + 2))
end
