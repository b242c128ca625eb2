#include "app/static_files/embedded_set.hpp"

#include "app/base/secret.hpp"
#include "app/static_files/hashed_name.hpp"
#include "app/web/compression.hpp"
#include "app/web/content_type.hpp"

namespace app::static_files {
namespace embedded {
std::span<const base::EmbeddedFile> files();  // made by embed_files() in CMakeLists.txt
}

namespace {

std::string encode_if_shorter(std::string_view content, std::string_view content_type, web::ContentCoding coding) {
    if (!web::is_compressible(content_type)) return {};
    std::string encoded = web::encode(content, coding, web::Effort::best);
    return encoded.size() < content.size() ? encoded : std::string{};
}

}  // namespace

EmbeddedFile::EmbeddedFile(const base::EmbeddedFile& file)
    : name_(file.name),
      content_(file.content),
      content_type_(web::content_type_of(file.name)),
      hash_(base::sha256_hex(file.content)) {}

std::string_view EmbeddedFile::encoded(web::ContentCoding coding) const {
    std::call_once(once_, [this] {
        gzip_ = encode_if_shorter(content_, content_type_, web::ContentCoding::gzip);
        brotli_ = encode_if_shorter(content_, content_type_, web::ContentCoding::brotli);
        encoded_ = true;
    });
    switch (coding) {
        case web::ContentCoding::gzip: return gzip_;
        case web::ContentCoding::brotli: return brotli_;
        case web::ContentCoding::identity: break;
    }
    return {};
}

EmbeddedSet::EmbeddedSet(std::span<const base::EmbeddedFile> files) {
    for (const base::EmbeddedFile& file : files) {
        const EmbeddedFile& added = files_.emplace_back(file);
        by_name_.emplace(added.name(), &added);
        by_name_.emplace(hashed_name(added.name(), added.sha256_hex()), &added);
    }
}

const EmbeddedFile* EmbeddedSet::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

std::span<const base::EmbeddedFile> embedded_files() { return embedded::files(); }

}  // namespace app::static_files
