// From one backend to the other and back.
#include "tests/unit/archive/support.hpp"

TEST_CASE("SQLite to MySQL to SQLite gives identical rows, by their checksums and by every byte behind the first line") {
    const tests::TemporaryFolder folder;
    const auto first = tests::deployed("sqlite:temporary");
    const auto second = tests::deployed(tests::new_database_url());
    const auto third = tests::deployed("sqlite:temporary");
    REQUIRE(second->dialect().name == "mysql");
    tests::fill(*first);
    std::vector<app::archive::Summary> summaries(3);
    std::vector<std::string> dumps;
    app::db::Database* before = nullptr;
    for (auto* database : {first.get(), second.get(), third.get()}) {
        if (before) tests::load(*database, folder / "dump.gz", app::archive::Replace::no);
        dumps.push_back(tests::dump_of(*database, &summaries[dumps.size()]));
        std::filesystem::remove(folder / "dump.gz");
        tests::write_text(folder / "dump.gz", dumps.back());
        before = database;
    }
    for (int i : {1, 2}) {
        CHECK(summaries[i].rows_checksum == summaries[0].rows_checksum);
        CHECK(summaries[i].tables == summaries[0].tables);
        const std::string text = tests::decompressed(dumps[i]), expected = tests::decompressed(dumps[0]);
        CHECK(text.substr(text.find('\n'), text.rfind("end ") - text.find('\n')) ==
              expected.substr(expected.find('\n'), expected.rfind("end ") - expected.find('\n')));
    }
}
