#include "app/base/new_file.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "app/base/error.hpp"

using app::base::Code;
using app::base::Error;
using app::base::NewFile;

namespace {

class Folder {
   public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "dewar-test-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string operator/(const std::string& name) const { return path_ / name; }
    long entries() const { return std::distance(std::filesystem::directory_iterator(path_), {}); }

   private:
    std::filesystem::path path_;
};

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

template <class Call>
std::optional<Error> error_of(Call&& call) {
    try {
        call();
    } catch (const Error& error) {
        return error;
    }
    return std::nullopt;
}

}  // namespace

TEST_CASE("A new file has its name only when it was kept, and mode 0600") {
    const Folder folder;
    NewFile file(folder / "a");
    file.write(std::string("one\0two", 7));
    CHECK_FALSE(std::filesystem::exists(folder / "a"));
    file.keep();
    CHECK(text_of(folder / "a") == std::string("one\0two", 7));
    CHECK(folder.entries() == 1);
    struct stat status{};
    REQUIRE(::stat((folder / "a").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE("A new file that was not kept leaves nothing") {
    const Folder folder;
    {
        NewFile(folder / "a").write("one");
    }
    CHECK(folder.entries() == 0);
}

TEST_CASE("A new file never takes the place of another, be it there from the start or since") {
    const Folder folder;
    NewFile first(folder / "a");
    NewFile second(folder / "a");
    first.write("first");
    first.keep();
    CHECK(error_of([&] { second.keep(); })->code() == Code::conflict);
    CHECK(error_of([&] { NewFile third(folder / "a"); })->message() ==
          (folder / "a") + " exists already: name another file, or move that one away");
    CHECK(text_of(folder / "a") == "first");
}

TEST_CASE("A new file takes the place of another if it is to, and only when it is kept") {
    const Folder folder;
    {
        NewFile(folder / "a").keep();
    }
    NewFile second(folder / "a", NewFile::Existing::replace);
    second.write("second");
    CHECK(text_of(folder / "a").empty());
    second.keep();
    CHECK(text_of(folder / "a") == "second");
    CHECK(folder.entries() == 1);
}

TEST_CASE("A new file in a folder that is not there is refused with the system's reason") {
    const Folder folder;
    const auto error = error_of([&] { NewFile file(folder / "no/a"); });
    REQUIRE(error);
    CHECK(error->code() == Code::unavailable);
    CHECK(error->message() == (folder / "no/a") + " cannot be written: No such file or directory");
}
