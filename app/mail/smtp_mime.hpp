// What of libcurl a message is made of: its lists of texts, and its MIME API.
#pragma once

#include <memory>
#include <string>

#include "app/mail/message.hpp"

struct curl_slist;
struct curl_mime;

namespace app::mail {

// Texts as libcurl wants them, in order. Owns copies.
class List {
   public:
    void add(const std::string& text);  // throws unavailable without memory
    curl_slist* get() const noexcept { return first_.get(); }

   private:
    struct Free {
        void operator()(curl_slist* list) const noexcept;
    };
    std::unique_ptr<curl_slist, Free> first_;
};

// A message as multipart/alternative, text before HTML, both quoted-printable; and the headers to go above it.
class Mime {
   public:
    Mime() = default;
    // `easy` is the CURL* that will send it. Throws what header_lines throws; unavailable without memory.
    Mime(void* easy, const Message& message);

    curl_mime* get() const noexcept { return mime_.get(); }
    curl_slist* headers() const noexcept { return headers_.get(); }

   private:
    struct Free {
        void operator()(curl_mime* mime) const noexcept;
    };
    void add_part(const std::string& text, const char* type);

    List headers_;
    std::unique_ptr<curl_mime, Free> mime_;
};

}  // namespace app::mail
