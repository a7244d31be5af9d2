// What back ends send to /introspect and /revoke.
#pragma once

#include "core/base/errors.hpp"
#include "core/net/http.hpp"

#include <string>

namespace wxlogind::handlers {

// The parameter `token` of a form (RFC 7662 section 2.1, RFC 7009 section 2.1). token_type_hint and whatever
// else stands there is ignored; what stands in the query does not count. errc::unsupported_media_type,
// errc::invalid_request: it is missing or there twice.
[[nodiscard]] result<std::string> parse_token_form(const net::request& incoming);

} // namespace wxlogind::handlers
