-- PATCH one field of an entry, a different one each time. Arguments: the key, "floor" for the floor.
local floor = false
local n = 0
init = function(args)
  floor = args[2] == "floor"
  wrk.headers["content-type"] = "application/json"
  if (args[1] or "") ~= "" then wrk.headers["authorization"] = "Bearer " .. args[1] end
end
request = function()
  n = n + 1
  if floor then return wrk.format("POST", "/update", nil, "") end
  return wrk.format("PATCH", string.format("/api/posts/00000000-0000-7000-8003-%012d", (n * 7919) % 20000 + 1), nil, string.format('{"views":%d}', n % 1000))
end
