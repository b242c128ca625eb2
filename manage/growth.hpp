// Changes of a checkout's files, planned whole before anything is written, and then written whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/function_ref.hpp"
#include "app/web/value.hpp"
#include "manage/source_text.hpp"

namespace manage {

struct FileChange {
    std::string path;  // from the checkout's root
    std::string text;  // all that is to be in it
    bool is_new = false;
};

// For one thread.
class Growth {
   public:
    explicit Growth(std::filesystem::path checkout) : checkout_(std::move(checkout)) {}

    const std::filesystem::path& checkout() const noexcept { return checkout_; }
    const std::vector<FileChange>& changes() const noexcept { return changes_; }

    // Whether there is something at the path, or will be.
    bool has(const std::string& path) const;

    // The file as it is, or as planned. Throws invalid when there is none or it cannot be read.
    std::string read(const std::string& path) const;

    // Plans a new file. Throws invalid when there is something of that name.
    void add(const std::string& path, std::string text);

    // The same, from a template of manage/templates ("blueprint.hpp": without its ".mustache").
    void add(const std::string& path, std::string_view template_name, const app::web::Value::Object& values);

    // Plans a change of a file that is there, or planned. Throws what read and `change` throw.
    void change(const std::string& path, app::base::FunctionRef<void(SourceText&)> change);

    // Writes all that is planned, with the folders that it takes; of a file that is there the mode stays. Throws unavailable, after
    // what was written was taken back: the files have their old text, new files and folders are gone.
    void write() const;

   private:
    std::filesystem::path checkout_;
    std::vector<FileChange> changes_;
};

// Throws invalid: why a checkout cannot grow so.
[[noreturn]] void refuse_growth(const std::string& message);

// The text that a template of manage/templates makes of the values; plain text, nothing is escaped.
std::string fill_template(std::string_view name, const app::web::Value::Object& values);

}  // namespace manage
