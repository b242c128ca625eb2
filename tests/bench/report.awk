# Reads what scripts/bench measured, a line each: workload, connections, server, round, metric, value, between tabs. Prints medians
# over the rounds as tables and, if `json` names a file, writes all of it there. A ratio is the limit's processor time per request
# divided by the server's, both of one round; its median is what counts. A speed is the server's requests per second divided by the
# limit's. POSIX awk: Debian's is mawk.
BEGIN { FS = "\t" }

{
    row = $1 SUBSEP $2 SUBSEP $3
    if (!(row in known)) {
        known[row] = 1
        row_of[++rows] = row
    }
    if (!((row, $5) in count)) metrics[row] = metrics[row] " " $5
    value[row, $5, ++count[row, $5]] = $6
    if ($5 == "cpu_us" || $5 == "requests_per_s") by_round[row, $5, $4] = $6
}

END {
    for (i = 1; i <= rows; i++) {
        add_ratios(row_of[i], "ratio", "cpu_us", -1)
        add_ratios(row_of[i], "speed", "requests_per_s", 1)
    }
    print_requests()
    print_idle()
    print_starts()
    print_unserved()
    if (json != "") write_json()
}

# The row's metric divided by the limit's, to the power of 1 or -1, of every round that has both.
function add_ratios(row, name, metric, power,    part, limit, round, mine, its) {
    split(row, part, SUBSEP)
    limit = part[1] SUBSEP part[2] SUBSEP "limit"
    for (round = 1; round <= rounds; round++) {
        mine = by_round[row, metric, round]
        its = by_round[limit, metric, round]
        if (mine > 0 && its > 0) value[row, name, ++count[row, name]] = (mine / its) ^ power
    }
    if (count[row, name]) metrics[row] = metrics[row] " " name
}

# Sorts the values of a row's metric into `sorted`; returns how many there are.
function sort_values(row, metric,    i, j, n, held) {
    n = count[row, metric]
    for (i = 1; i <= n; i++) {
        held = value[row, metric, i] + 0
        for (j = i - 1; j > 0 && sorted[j] > held; j--) sorted[j + 1] = sorted[j]
        sorted[j + 1] = held
    }
    return n
}

function median(row, metric,    n) {
    n = sort_values(row, metric)
    return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}

# How far the rounds lie apart, of their median, as text.
function spread(row, metric,    n, middle) {
    n = count[row, metric]
    if (n == 0) return "-"
    middle = median(row, metric)
    return sprintf("%.0f%%", middle > 0 ? (sorted[n] - sorted[1]) / middle * 100 : 0)
}

# The median as text, divided by `scale`; "-" where nothing was measured.
function shown(row, metric, format, scale) {
    return count[row, metric] ? sprintf(format, median(row, metric) / scale) : "-"
}

function print_requests(    i, part) {
    for (i = 1; i <= rows; i++) {
        if (!count[row_of[i], "requests"]) continue
        split(row_of[i], part, SUBSEP)
        if (!heading++) {
            printf "\n%-4s %5s %-6s %9s %6s %8s %6s %6s %8s %8s %7s %7s %8s %8s\n", "", "conns", "server", "req/s", "speed",
                "CPU us", "+-", "ratio", "p50 ms", "p99 ms", "errors", "broken", "RSS MB", "PSS MB"
        }
        if (part[1] part[2] != before && before) print ""
        before = part[1] part[2]
        printf "%-4s %5s %-6s %9s %6s %8s %6s %6s %8s %8s %7s %7s %8s %8s%s\n", part[1], part[2], part[3],
            shown(row_of[i], "requests_per_s", "%d", 1), shown(row_of[i], "speed", "%.2f", 1), shown(row_of[i], "cpu_us", "%.1f", 1), spread(row_of[i], "cpu_us"),
            shown(row_of[i], "ratio", "%.2f", 1), shown(row_of[i], "p50_us", "%.2f", 1000), shown(row_of[i], "p99_us", "%.2f", 1000),
            sum(row_of[i], "errors"), sum(row_of[i], "broken"), shown(row_of[i], "rss_kib", "%.1f", 1024),
            shown(row_of[i], "pss_kib", "%.1f", 1024),
            (sum(row_of[i], "lost_rows") ? "  " sum(row_of[i], "lost_rows") " ACKNOWLEDGED POSTS LOST" : "")
    }
}

function sum(row, metric,    i, total) {
    total = 0
    for (i = 1; i <= count[row, metric]; i++) total += value[row, metric, i]
    return total
}

function print_idle(    i, part, alone) {
    for (i = 1; i <= rows; i++) {
        if (!count[row_of[i], "idle_connections"]) continue
        split(row_of[i], part, SUBSEP)
        alone = "W2" SUBSEP part[2] SUBSEP part[3]
        printf "%s%s: %d idle connections held, %d of them never answered, %s bytes of RSS each", (idle_heading++ ? "" : "\n"),
            part[3], median(row_of[i], "idle_connections"), median(row_of[i], "idle_unanswered"),
            shown(row_of[i], "bytes_per_idle_connection", "%d", 1)
        if (count[alone, "p99_us"] && count[row_of[i], "p99_us"]) {
            printf "; p99 %.2f times that of W2", median(row_of[i], "p99_us") / median(alone, "p99_us")
        }
        print ""
    }
}

function print_starts(    i, part) {
    for (i = 1; i <= rows; i++) {
        if (!count[row_of[i], "first_answer_ms"]) continue
        split(row_of[i], part, SUBSEP)
        if (!start_heading++) printf "\n%-10s %-6s %19s %12s %12s\n", "", "server", "exec to answer ms", "idle RSS MB", "idle PSS MB"
        printf "%-10s %-6s %19s %12s %12s\n", part[1], part[3], shown(row_of[i], "first_answer_ms", "%.1f", 1),
            shown(row_of[i], "idle_rss_kib", "%.1f", 1024), shown(row_of[i], "idle_pss_kib", "%.1f", 1024)
    }
}

function print_unserved(    i, part) {
    for (i = 1; i <= rows; i++) {
        if (!count[row_of[i], "unserved"]) continue
        split(row_of[i], part, SUBSEP)
        if (!unserved_heading++) printf "\n%-4s %7s %-6s %20s\n", "", "clients", "server", "never served in 4 s"
        printf "%-4s %7s %-6s %20s\n", part[1], part[2], part[3], shown(row_of[i], "unserved", "%d", 1)
    }
}

function quoted(text) {
    gsub(/["\\]/, "\\\\&", text)
    return "\"" text "\""
}

function write_json(    i, j, n, part, names) {
    printf "{\"commit\": %s, \"processor\": %s, \"cores\": %d, \"kernel\": %s, \"load\": %s, \"rounds\": %d, \"seconds\": %d, \"results\": [",
        quoted(commit), quoted(processor), cores, quoted(kernel), load, rounds, seconds > json
    for (i = 1; i <= rows; i++) {
        split(row_of[i], part, SUBSEP)
        printf "%s\n  {\"workload\": %s, \"connections\": %d, \"server\": %s", (i > 1 ? "," : ""), quoted(part[1]), part[2],
            quoted(part[3]) > json
        n = split(metrics[row_of[i]], names, " ")
        for (j = 1; j <= n; j++) {
            printf ", \"%s\": {\"median\": %.6g, \"rounds\": [%s]}", names[j], median(row_of[i], names[j]), all(row_of[i], names[j]) > json
        }
        printf "}" > json
    }
    print "\n]}" > json
}

function all(row, metric,    i, list) {
    for (i = 1; i <= count[row, metric]; i++) list = list (i > 1 ? ", " : "") value[row, metric, i]
    return list
}
