#include "handlers/anonymous_profile.hpp"

#include "storage/avatar_store.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace wxlogind::handlers {

namespace {

// The part of the URL that names the picture: hosts, and the size behind it, differ from phone to phone.
constexpr std::array<std::string_view, 2> grey_pictures{
    "/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/",
    "/icTdbqWNOwNRna42FI242Lcia07jQodd2FJGIYQfG0LAJGFxM4FbnQP6yfMxBgJ0F3YRqJCJ1aPAK2dQagdusBZg/",
};

void drop_blank(std::optional<std::string>& text) {
    if (text && text->empty()) text.reset();
}

} // namespace

bool is_anonymous_nickname(std::string_view nickname) noexcept {
    return nickname == "微信用户";
}

bool is_anonymous_avatar(std::string_view url) noexcept {
    return std::ranges::any_of(
        grey_pictures, [url](std::string_view name) { return url.find(name) != std::string_view::npos; });
}

bool is_for_clients_to_set(std::string_view avatar_url) noexcept {
    return !is_anonymous_avatar(avatar_url) && storage::avatar_id_in(avatar_url).empty();
}

void drop_anonymous(storage::profile_change& change) {
    if (change.avatar_url && !is_for_clients_to_set(*change.avatar_url)) change.avatar_url.reset();
    if (!change.nick_name || !is_anonymous_nickname(*change.nick_name)) return;
    change.nick_name.reset();
    if (change.gender == 0) change.gender.reset();
    for (auto* const each :
         {&change.avatar_url, &change.country, &change.province, &change.city, &change.language})
        drop_blank(*each);
}

} // namespace wxlogind::handlers
