# Reads the output of `ctest --verbose`; prints what each failed test said, then one line: PASSED FAILED NAMES-OF-THE-FAILED.
# A doctest program counts its cases, and one failure if it failed although no case did (a leak, a crash after the cases);
# any other test counts one. Skipped and disabled tests do not count.
# Lines of interest: "7: what test 7 said", and " 3/12 Test  #7: unit/db ....   Passed    0.01 sec".

/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
    sub(/^[^#]*#/, "")
    number = $1 + 0
    name = $2
    if (/\*\*\*Skipped|\*\*\*Not Run \(Disabled\)/) next
    ok = / Passed +[0-9.]+ sec/
    good = (number in cases_passed) ? cases_passed[number] : ok
    bad = cases_failed[number] + 0
    if (!ok && bad == 0) bad = 1
    passed += good
    failed += bad
    if (bad > 0) {
        names = names " " name
        sub(/ *\.\.+[ *]*/, ": ")
        printf "\n---- %s\n%s", $0, output[number]
    }
    next
}

/^ *[0-9]+: / {
    number = $1 + 0
    sub(/^ *[0-9]+: /, "")
    output[number] = output[number] $0 "\n"
    if (/^\[doctest\] test cases:/) {
        split($0, part, /[:|]/)
        cases_passed[number] = part[3] + 0
        cases_failed[number] = part[4] + 0
    }
}

END { printf "%d %d%s\n", passed, failed, names }
