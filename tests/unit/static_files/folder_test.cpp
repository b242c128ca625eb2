#include "app/static_files/folder.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "app/base/error.hpp"
#include "tests/support/folder.hpp"

using namespace app;
using static_files::Folder;

namespace {

constexpr std::int64_t bytes_max = 1000;

// top/static is the folder; beside it lie top/secret.txt and top/static-secret/secret.txt.
class Tree {
   public:
    Tree() {
        std::filesystem::create_directories(top_ / "static/icons");
        std::filesystem::create_directories(top_ / "static-secret");
        write("secret.txt", "secret");
        write("static-secret/secret.txt", "secret");
        write("static/style.css", "body {}");
        write("static/icons/a.svg", "<svg/>");
    }

    std::string path(const std::string& name) const { return top_ / name; }
    void write(const std::string& name, const std::string& content) const { tests::write_text(top_ / name, content); }
    Folder folder() const { return Folder{path("static"), bytes_max}; }

    // Its content, or "(none)".
    std::string read(const std::string& name) const {
        const auto file = folder().find(name);
        return file ? file->read(0, file->bytes()) : "(none)";
    }

   private:
    tests::TemporaryFolder top_;
};

}  // namespace

TEST_CASE("files are found by their name below the folder") {
    const Tree tree;
    CHECK(tree.read("style.css") == "body {}");
    CHECK(tree.read("icons/a.svg") == "<svg/>");
    CHECK(tree.read("nothing.css") == "(none)");
    CHECK(tree.read("Style.css") == "(none)");
}

TEST_CASE("no name leads out of the folder, or to anything but a file by its only name") {
    const Tree tree;
    tree.write("static/.hidden", "hidden");
    std::filesystem::create_directories(tree.path("static/.git"));
    tree.write("static/.git/config", "hidden");
    const std::string with_nul{"style.css\0.png", 14}, nul_only{"\0", 1};
    for (const std::string& name : {std::string{},
                                    std::string{"."},
                                    std::string{".."},
                                    std::string{"/"},
                                    std::string{"../secret.txt"},
                                    std::string{"icons/../style.css"},
                                    std::string{"icons/../../secret.txt"},
                                    std::string{"./style.css"},
                                    std::string{"/style.css"},
                                    std::string{"//style.css"},
                                    std::string{"icons//a.svg"},
                                    std::string{"style.css/"},
                                    std::string{"style.css/."},
                                    std::string{"icons"},
                                    std::string{"icons/"},
                                    std::string{"-secret/secret.txt"},
                                    std::string{"../static-secret/secret.txt"},
                                    std::string{"..\\secret.txt"},
                                    std::string{".hidden"},
                                    std::string{".git/config"},
                                    std::string{"style.css/x"},
                                    tree.path("secret.txt"),
                                    std::string{"%2e%2e/secret.txt"},
                                    std::string(300, 'a'),
                                    std::string(5000, '/'),
                                    with_nul,
                                    nul_only}) {
        CAPTURE(name);
        CHECK(tree.read(name) == "(none)");
    }
}

TEST_CASE("no symbolic link is followed, wherever it leads") {
    const Tree tree;
    namespace fs = std::filesystem;
    fs::create_symlink(tree.path("secret.txt"), tree.path("static/absolute"));
    fs::create_symlink("../secret.txt", tree.path("static/relative"));
    fs::create_symlink("style.css", tree.path("static/inside"));
    fs::create_symlink("inside", tree.path("static/chain"));
    fs::create_symlink("self", tree.path("static/self"));
    fs::create_symlink("nowhere", tree.path("static/dangling"));
    fs::create_directory_symlink("..", tree.path("static/up"));
    fs::create_directory_symlink("icons", tree.path("static/pictures"));
    fs::create_directory_symlink("/", tree.path("static/root"));
    for (const char* name : {"absolute", "relative", "inside", "chain", "self", "dangling", "up", "up/secret.txt",
                             "pictures/a.svg", "root/etc/passwd", "up/static/style.css"}) {
        CAPTURE(name);
        CHECK(tree.read(name) == "(none)");
    }
}

TEST_CASE("the folder itself may be a link, and be switched") {
    const Tree tree;
    std::filesystem::create_directories(tree.path("release2"));
    tree.write("release2/style.css", "two");
    std::filesystem::create_directory_symlink("static", tree.path("current"));
    const Folder folder{tree.path("current"), bytes_max};
    CHECK(folder.find("style.css")->read(0, 7) == "body {}");
    std::filesystem::remove(tree.path("current"));
    std::filesystem::create_directory_symlink("release2", tree.path("current"));
    CHECK(folder.find("style.css")->read(0, 3) == "two");
}

TEST_CASE("FIFOs, devices and sockets are not there, and nobody waits for them") {
    const Tree tree;
    REQUIRE(mkfifo(tree.path("static/fifo.css").c_str(), 0600) == 0);
    CHECK(tree.read("fifo.css") == "(none)");
    CHECK_FALSE(Folder("/dev", bytes_max).find("null").has_value());
}

TEST_CASE("a file may have the greatest size, and not one byte more") {
    const Tree tree;
    tree.write("static/most.txt", std::string(bytes_max, 'a'));
    tree.write("static/more.txt", std::string(bytes_max + 1, 'a'));
    tree.write("static/empty.txt", "");
    CHECK(tree.read("most.txt").size() == bytes_max);
    CHECK(tree.read("more.txt") == "(none)");
    CHECK(tree.read("empty.txt").empty());
}

TEST_CASE("a part is read from its offset") {
    const Tree tree;
    const auto file = tree.folder().find("style.css");
    CHECK(file->read(5, 2) == "{}");
    CHECK(file->read(0, 1) == "b");
    CHECK(file->read(7, 0).empty());
}

TEST_CASE("an open file stays the same when its name is given to another one") {
    const Tree tree;
    const auto before = tree.folder().find("style.css");
    tree.write("static/new.css", "new {}!");
    std::filesystem::rename(tree.path("static/new.css"), tree.path("static/style.css"));
    const auto after = tree.folder().find("style.css");
    CHECK(after->etag() != before->etag());
    CHECK(before->read(0, 7) == "body {}");
    CHECK(after->read(0, 7) == "new {}!");
}

TEST_CASE("a file that is written to after it was opened is not read: 503") {
    const Tree tree;
    for (const std::string content : {"longer than it was before", "x", "same!!!"}) {
        CAPTURE(content);
        tree.write("static/changing.css", "before!");
        const auto file = tree.folder().find("changing.css");
        timespec times[2] = {{.tv_sec = 1, .tv_nsec = 0},
                             {.tv_sec = 1, .tv_nsec = 0}};  // not by the clock, which may stand still
        tree.write("static/changing.css", content);
        REQUIRE(utimensat(AT_FDCWD, tree.path("static/changing.css").c_str(), times, 0) == 0);
        try {
            file->read(0, file->bytes());
            FAIL("it was read");
        } catch (const base::Error& error) {
            CHECK(error.code() == base::Code::unavailable);
        }
    }
}

TEST_CASE("the ETag is strong, stays while the file does, and changes with its times") {
    const Tree tree;
    const std::string etag = tree.folder().find("style.css")->etag();
    CHECK(etag.size() == 34);
    CHECK(etag.front() == '"');
    CHECK(etag.back() == '"');
    CHECK(tree.folder().find("style.css")->etag() == etag);
    CHECK(tree.folder().find("icons/a.svg")->etag() != etag);
    timespec times[2] = {{.tv_sec = 1, .tv_nsec = 0}, {.tv_sec = 1, .tv_nsec = 1}};
    REQUIRE(utimensat(AT_FDCWD, tree.path("static/style.css").c_str(), times, 0) == 0);
    CHECK(tree.folder().find("style.css")->etag() != etag);
}

TEST_CASE("a path that is no folder is refused at start, with its name and the reason") {
    const Tree tree;
    tree.folder().require();
    for (const std::string& path : {tree.path("nothing"), tree.path("secret.txt")}) {
        try {
            Folder(path, bytes_max).require();
            FAIL("it was taken");
        } catch (const base::Error& error) {
            CHECK(error.code() == base::Code::invalid);
            CHECK(error.message().starts_with("static.folder: " + path + " cannot be opened as a folder: No"));
        }
    }
}
