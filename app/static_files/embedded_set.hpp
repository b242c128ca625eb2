// The static files in the binary: found by their plain or their hashed name, compressed when they are first asked for.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "app/base/embedded.hpp"
#include "app/web/negotiation.hpp"

namespace app::static_files {

class EmbeddedFile {
   public:
    // The bytes outlive this object.
    explicit EmbeddedFile(const base::EmbeddedFile& file);

    std::string_view name() const noexcept { return name_; }
    std::string_view content() const noexcept { return content_; }
    std::string_view sha256_hex() const noexcept { return hash_; }
    std::string_view content_type() const noexcept { return content_type_; }

    // Whether `encoded` would have to compress first, which takes its time.
    bool is_encoded() const noexcept { return encoded_; }

    // The content in that coding, "" when that would not be shorter. The first call compresses, with the greatest effort; the
    // others wait for it. Lives as long as this object. Any thread.
    std::string_view encoded(web::ContentCoding coding) const;

   private:
    std::string_view name_, content_, content_type_;
    std::string hash_;
    mutable std::once_flag once_;
    mutable std::atomic<bool> encoded_{false};
    mutable std::string gzip_, brotli_;
};

class EmbeddedSet {
   public:
    explicit EmbeddedSet(std::span<const base::EmbeddedFile> files);

    // By its plain or its hashed name; null when there is none.
    const EmbeddedFile* find(std::string_view name) const;

    const std::deque<EmbeddedFile>& files() const noexcept { return files_; }

   private:
    std::deque<EmbeddedFile> files_;
    std::map<std::string, const EmbeddedFile*, std::less<>> by_name_;
};

// The files of app/static.
std::span<const base::EmbeddedFile> embedded_files();

}  // namespace app::static_files
