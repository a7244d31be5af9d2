// Why a file of certificates or of a key is none, in words that help whoever has put it there.
#pragma once

#include <string>
#include <string_view>

namespace wxlogind::net {

// Of a file that OpenSSL did not take: what is wrong with it and what helps, without its name. `reason`: what
// OpenSSL says, for where the file looks as it should. Main thread.
[[nodiscard]] std::string why_no_certificate(const std::string& file, std::string_view reason);
[[nodiscard]] std::string why_no_key(const std::string& file, std::string_view reason);

// The same of the content. No I/O; any thread.
[[nodiscard]] std::string why_content_is_no_certificate(std::string_view content, std::string_view reason);
[[nodiscard]] std::string why_content_is_no_key(std::string_view content, std::string_view reason);

} // namespace wxlogind::net
