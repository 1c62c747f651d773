-- wrk creates contacts through the API, each another one; the payload of its event is about 600 bytes.
local thread_number = 0
function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

function init(args)
  count = 0
  prefix = tostring(number) .. "-" .. tostring(os.time()) .. "-"
  path = args[1]
  headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. args[2] }
end

function request()
  count = count + 1
  local unique = prefix .. count
  local body = '{"first_name":"Jean-Baptiste","last_name":"Moreau ' .. unique .. '","email":"jb.moreau.' .. unique ..
    '@example.com","phone":"+33612345678","landline_phone":"+33145678901","title":"Responsable evenementiel",' ..
    '"optin_marketing":true,"address_line_1":"10 rue du Faubourg Saint-Honore","address_line_2":"Batiment A, 2e etage",' ..
    '"postal_code":"75008","city":"Paris","country":"France"}'
  return wrk.format("POST", path, headers, body)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("accepted %d\n", summary.requests - errors.status))
  io.write(string.format("refused %d\n", errors.status + errors.connect + errors.read + errors.write + errors.timeout))
  io.write(string.format("seconds %.3f\n", summary.duration / 1e6))
  io.write(string.format("p50_us %d\np99_us %d\n", latency:percentile(50), latency:percentile(99)))
end
