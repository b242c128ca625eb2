#include "app/mail/smtp_mime.hpp"

#include <curl/curl.h>

#include "app/base/error.hpp"

namespace app::mail {

namespace {

void require(bool well) {
    if (!well) throw base::Error(base::Code::unavailable, "there is no memory to send a mail with");
}

// Each line with \r\n: a bare \n would be a character of the text to the encoder.
std::string with_line_ends(const std::string& text) {
    std::string result;
    result.reserve(text.size() + text.size() / 32);
    for (const char c : text) {
        if (c == '\n' && !result.ends_with('\r')) result += '\r';
        result += c;
    }
    return result;
}

}  // namespace

void List::add(const std::string& text) {
    curl_slist* const longer = curl_slist_append(first_.get(), text.c_str());
    require(longer != nullptr);
    first_.release();  // NOLINT(bugprone-unused-return-value): the longer list has it
    first_.reset(longer);
}

void List::Free::operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }

Mime::Mime(void* easy, const Message& message) : mime_(curl_mime_init(easy)) {
    require(mime_ != nullptr);
    for (const std::string& line : header_lines(message)) headers_.add(line);
    headers_.add("Content-Type: multipart/alternative");
    add_part(message.text, "text/plain; charset=utf-8");
    add_part(message.html, "text/html; charset=utf-8");
}

void Mime::add_part(const std::string& text, const char* type) {
    if (text.empty()) return;
    curl_mimepart* const part = curl_mime_addpart(mime_.get());
    const std::string lines = with_line_ends(text);
    require(part != nullptr && curl_mime_data(part, lines.data(), lines.size()) == CURLE_OK &&
            curl_mime_type(part, type) == CURLE_OK && curl_mime_encoder(part, "quoted-printable") == CURLE_OK);
}

void Mime::Free::operator()(curl_mime* mime) const noexcept { curl_mime_free(mime); }

}  // namespace app::mail
