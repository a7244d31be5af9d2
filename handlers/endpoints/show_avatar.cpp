// GET /avatars/{id}: a picture, for everybody who knows its name. It never changes: another one has another
// name.
#include "core/net/ascii.hpp"
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/pictures/picture.hpp"
#include "handlers/routes.hpp"

namespace wxlogind::handlers {

namespace {

// RFC 9110 section 13.1.2: a list of entity tags, weak ones as good as others, or `*`.
bool names_tag(std::string_view list, std::string_view tag) {
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        std::string_view each = net::trimmed(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
        if (each.starts_with("W/")) each.remove_prefix(2);
        if (each == "*" || each == tag) return true;
    }
    return false;
}

net::response lasting_response(const std::string& tag) {
    net::response shown;
    shown.fields.emplace_back("ETag", tag);
    shown.fields.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
    return shown;
}

} // namespace

task<result<net::response>> show_avatar(const net::request& incoming, services& with) {
    const std::string id{segment_of(incoming.path, 1)};
    if (!storage::is_avatar_id(id)) co_return errc::not_found;
    const auto size = co_await with.avatars.store.size_of(id);
    if (!size) co_return size.error();
    const std::string tag = '"' + id + '"';
    net::response shown = lasting_response(tag);
    if (names_tag(incoming.header("If-None-Match").value_or(std::string_view{}), tag)) {
        shown.status = 304;
        co_return shown;
    }
    // Once here, and once on its way into the socket.
    shown.holds = with.avatars.memory.take(2 * *size);
    if (!shown.holds) co_return errc::overloaded;
    auto picture = co_await with.avatars.store.read(id);
    if (!picture) co_return picture.error();
    const auto header = read_picture_header(*picture);
    if (!header || !*header) co_return errc::not_found; // damaged: it was checked when it came
    shown.content_type = media_type_of((*header)->format);
    shown.body = std::move(*picture);
    co_return shown;
}

} // namespace wxlogind::handlers
