# function_length.awk: prints the functions of C++ sources that are longer than `max` lines, from the first line of their
# signature to their closing brace, as "FILE:LINE (LINES) SIGNATURE". The sources are formatted.
#
# Blocks are found by their braces. The block of a namespace or type, and a value in braces, is no function. Whatever is
# within a function belongs to it.
function without_literals(text) {
  gsub(/\\./, "", text)
  gsub(/"[^"]*"/, "\"\"", text)
  gsub(/[0-9]'[0-9]/, "00", text)
  gsub(/'[^']*'/, "", text)
  sub(/\/\/.*/, "", text)
  return text
}
FNR == 1 {depth = 0; function_depth = 0; statement = ""; raw = 0}
{
  line = $0
  if (raw) {
    if (!sub(/^.*\)[a-z]*"/, "", line)) next
    raw = 0
  }
  if (line ~ /R"[a-z]*\(/ && line !~ /\)[a-z]*"/) {
    sub(/R"[a-z]*\(.*/, "\"\"", line)
    raw = 1
  }
  if (line ~ /^#/) next
  line = without_literals(line)
  if (line ~ /^ *$/) next
  if (statement == "") begins = FNR
  count = length(line)
  for (i = 1; i <= count; ++i) {
    c = substr(line, i, 1)
    if (c == "{") {
      ++depth
      value = statement ~ /(=|\(|,|return) *$/
      type = statement ~ /^ *(template *<.*> *)?(inline |extern )*(namespace|class|struct|enum|union)([ :]|$)/
      if (!function_depth && !value && !type && statement ~ /\(/) {
        function_depth = depth
        start = begins
        name = statement
      }
      statement = ""
      begins = FNR
    } else if (c == "}") {
      if (depth == function_depth) {
        if (FNR - start + 1 > max) print FILENAME ":" start " (" FNR - start + 1 ") " substr(name, 1, 100)
        function_depth = 0
      }
      --depth
      statement = ""
      begins = FNR + 1
    } else if (c == ";" || (c == ":" && statement ~ /^ *(public|private|protected)$/)) {
      statement = ""
      begins = FNR + 1
    } else if (statement != "" || c != " ") {
      if (statement == "") begins = FNR
      statement = statement c
    }
  }
  if (statement != "") statement = statement " "
}
