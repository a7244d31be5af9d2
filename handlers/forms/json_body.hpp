// The body of a request that has to be a JSON object.
#pragma once

#include "core/base/json_reading.hpp"
#include "core/net/http.hpp"

namespace wxlogind::handlers {

// `into` holds what was read. errc::unsupported_media_type, and what json_document::read refuses.
[[nodiscard]] inline result<json_members> read_json_body(const net::request& incoming, json_document& into) {
    if (incoming.content_type != "application/json")
        return failure{errc::unsupported_media_type, "Content-Type: send application/json"};
    return into.read(incoming.body);
}

} // namespace wxlogind::handlers
