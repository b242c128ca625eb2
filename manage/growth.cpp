#include "manage/growth.hpp"

#include <algorithm>
#include <deque>
#include <fstream>
#include <span>
#include <system_error>

#include "app/base/embedded.hpp"
#include "app/base/error.hpp"
#include "app/base/file.hpp"
#include "app/base/new_file.hpp"
#include "app/web/template.hpp"

namespace manage::templates {
std::span<const app::base::EmbeddedFile> files();  // made by embed_files() in CMakeLists.txt
}

namespace manage {

namespace fs = std::filesystem;

namespace {

using app::base::Code;
using app::base::Error;
using app::base::NewFile;
using enum fs::perms;

constexpr fs::perms mode_of_new_files = owner_read | owner_write | group_read | others_read;

// What is undone, last first, unless all went well.
class Undo {
   public:
    explicit Undo(const fs::path& checkout) : checkout_(checkout) {}
    ~Undo() {
        if (all_is_well_) return;
        for (const auto& [path, text, is_new] : written_) take_back(checkout_ / path, text, is_new);
        std::error_code ignored;  // somebody else may have put a file there
        for (const fs::path& folder : folders_) fs::remove(folder, ignored);
    }
    Undo(const Undo&) = delete;
    Undo& operator=(const Undo&) = delete;

    void wrote(FileChange change) { written_.push_front(std::move(change)); }
    void make_folder(const fs::path& folder) {
        if (fs::exists(folder)) return;
        make_folder(folder.parent_path());
        fs::create_directory(folder);
        folders_.push_front(folder);
    }
    void keep() noexcept { all_is_well_ = true; }

   private:
    static void take_back(const fs::path& path, const std::string& text, bool is_new) noexcept {
        std::error_code ignored;  // the error that led here is told
        if (is_new) {
            fs::remove(path, ignored);
        } else {
            std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
        }
    }

    const fs::path& checkout_;
    std::deque<FileChange> written_;  // with the texts from before
    std::deque<fs::path> folders_;
    bool all_is_well_ = false;
};

}  // namespace

bool Growth::has(const std::string& path) const {
    return std::ranges::find(changes_, path, &FileChange::path) != changes_.end() || fs::exists(checkout_ / path);
}

std::string Growth::read(const std::string& path) const {
    const auto planned = std::ranges::find(changes_, path, &FileChange::path);
    if (planned != changes_.end()) return planned->text;
    if (auto text = app::base::find_file(checkout_ / path)) return *std::move(text);
    throw Error(Code::invalid, "cannot read " + (checkout_ / path).string() + ", which is to be changed");
}

void Growth::add(const std::string& path, std::string text) {
    if (has(path)) throw Error(Code::invalid, "the name is taken: there is " + path + " already");
    changes_.push_back({path, std::move(text), true});
}

void Growth::add(const std::string& path, std::string_view template_name, const app::web::Value::Object& values) {
    add(path, fill_template(template_name, values));
}

void Growth::change(const std::string& path, app::base::FunctionRef<void(SourceText&)> change) {
    SourceText source(path, read(path));
    change(source);
    const auto planned = std::ranges::find(changes_, path, &FileChange::path);
    if (planned != changes_.end()) {
        planned->text = source.text();
    } else {
        changes_.push_back({path, source.text(), false});
    }
}

void Growth::write() const {
    Undo undo(checkout_);
    try {
        std::deque<NewFile> files;  // what can fail fails before the first file has its name
        for (const FileChange& change : changes_) {
            const fs::path path = checkout_ / change.path;
            undo.make_folder(path.parent_path());
            NewFile& file = files.emplace_back(path, change.is_new ? NewFile::Existing::refuse : NewFile::Existing::replace);
            file.write(change.text);
            fs::permissions(file.temporary_path(), change.is_new ? mode_of_new_files : fs::status(path).permissions());
        }
        for (std::size_t i = 0; i < changes_.size(); ++i) {
            const FileChange& change = changes_[i];
            FileChange before{change.path, change.is_new ? "" : Growth(checkout_).read(change.path), change.is_new};
            files[i].keep();
            undo.wrote(std::move(before));
        }
    } catch (const fs::filesystem_error& error) {
        throw Error(Code::unavailable, "cannot write " + error.path1().string() + ": " + error.code().message());
    }
    undo.keep();
}

void refuse_growth(const std::string& message) { throw Error(Code::invalid, message); }

std::string fill_template(std::string_view name, const app::web::Value::Object& values) {
    std::string text = app::web::Templates(templates::files()).render(std::string(name) + ".mustache", values);
    return text.starts_with('\n') ? text.substr(1) : text;  // the end of the line that sets the delimiters
}

}  // namespace manage
