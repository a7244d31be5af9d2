// POST /me/avatar: a picture of the user's own, as wx.uploadFile sends it.
#include "core/base/json_text.hpp"
#include "handlers/bearer.hpp"
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/multipart.hpp"
#include "handlers/pictures/picture.hpp"
#include "handlers/pictures/picture_metadata.hpp"
#include "handlers/pictures/profile_avatar.hpp"

namespace wxlogind::handlers {

namespace {

// What has come of the picture so far.
result<void> check_picture(std::string_view picture, bool is_whole, const avatar_settings& rules) {
    if (picture.size() > rules.max_bytes)
        return failure{errc::content_too_large, "avatar: over " + std::to_string(rules.max_bytes) + " bytes"};
    if (is_whole && picture.empty()) return failure{errc::invalid_request, "avatar: empty"};
    if (picture.empty()) return {};
    const auto header = read_picture_header(picture);
    if (!header) return header.error();
    if (!*header && is_whole) return failure{errc::invalid_request, "avatar: the picture is cut off"};
    if (*header && ((*header)->width > rules.max_side || (*header)->height > rules.max_side))
        return failure{
            errc::invalid_request, "avatar: over " + std::to_string(rules.max_side) + " pixels wide or high"};
    return {};
}

// The next piece of the body, which has come at once where it is short. Empty: that was all.
task<result<std::string_view>> next_piece(const net::request& incoming, bool is_first) {
    if (incoming.rest != nullptr) co_return co_await incoming.rest->next();
    co_return is_first ? incoming.body : std::string_view{};
}

task<result<std::string>> receive_picture(const net::request& incoming, const avatar_settings& rules) {
    const auto boundary = multipart_boundary(incoming.header("Content-Type").value_or(std::string_view{}));
    if (!boundary) co_return boundary.error();
    multipart_reader reader{*boundary, "avatar"};
    std::string picture;
    for (bool is_first = true;; is_first = false) {
        const auto piece = co_await next_piece(incoming, is_first);
        if (!piece) co_return piece.error();
        if (piece->empty()) break;
        const auto read = reader.feed(*piece, picture);
        if (!read) co_return read.error();
        const auto checked = check_picture(picture, false, rules);
        if (!checked) co_return checked.error();
    }
    const auto is_whole = reader.finish();
    if (!is_whole) co_return is_whole.error();
    const auto checked = check_picture(picture, true, rules);
    if (!checked) co_return checked.error();
    const auto header = read_picture_header(picture);
    const auto stripped = strip_metadata(picture, (**header).format);
    if (!stripped) co_return stripped.error();
    co_return picture;
}

// The name of the picture that was sent, which is stored now.
task<result<std::string>> take_picture(const net::request& incoming, services& with) {
    const std::size_t size = incoming.rest != nullptr ? incoming.rest->size() : incoming.body.size();
    const auto room = with.avatars.memory.take(size);
    if (!room) co_return errc::overloaded;
    auto picture = co_await receive_picture(incoming, with.avatars.rules);
    if (!picture) co_return picture.error();
    co_return co_await with.avatars.store.keep(std::move(*picture));
}

// The picture that was there before is gone when this ends.
task<result<storage::user_record>> show_picture(user_id user, std::string id, services& with) {
    std::string before = co_await avatar_of(user, with);
    storage::profile_change change;
    change.avatar_url = std::string{storage::avatar_path} + id;
    auto changed = co_await with.users.change_profile(user, std::move(change), with.clock.now());
    std::string unused = changed ? std::move(before) : std::move(id);
    co_await forget_avatar(std::move(unused), with);
    co_return changed;
}

} // namespace

task<result<net::response>> upload_avatar(const net::request& incoming, services& with) {
    const auto claims = authenticate(incoming, with);
    if (!claims) co_return claims.error();
    if (!with.store.takes_writes()) co_return errc::storage_unavailable;
    auto id = co_await take_picture(incoming, with);
    if (!id) {
        with.avatars.note_refused(id.error().code);
        co_return id.error();
    }
    const auto user = co_await show_picture(claims->user, std::move(*id), with);
    if (!user && user.error().code == errc::not_found) co_return errc::invalid_token;
    if (!user) co_return user.error();

    net::response shown;
    shown.no_store = true;
    shown.body = R"({"avatarUrl":)";
    append_json_string(shown.body, with.avatars.shown_url(user->profile.avatar_url));
    shown.body += '}';
    shown.subject = to_string(claims->user);
    co_return shown;
}

} // namespace wxlogind::handlers
