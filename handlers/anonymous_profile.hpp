// The profile that WeChat gives out in everybody's name.
#pragma once

#include "storage/store.hpp"

#include <string_view>

namespace wxlogind::handlers {

// Since 2021-04-28 getUserInfo, and since 2022-11-08 getUserProfile, give the nickname 微信用户, a grey
// picture, gender 0 and empty places for every user: that says nothing of this one, and must not take the
// place of what is known.

[[nodiscard]] bool is_anonymous_nickname(std::string_view nickname) noexcept;
// The grey picture, in any size and from any of WeChat's picture hosts; or the one that WeChat's own samples
// show until the user has chosen.
[[nodiscard]] bool is_anonymous_avatar(std::string_view url) noexcept;

// Whether a profile may show that URL because a client says so: not the grey picture, and not one of ours,
// which POST /me/avatar alone puts there. Clients send that back as they got it, and it may have gone
// meanwhile.
[[nodiscard]] bool is_for_clients_to_set(std::string_view avatar_url) noexcept;

// Takes out of `change` what is anonymous, as if it had not been sent: the nickname and the picture each by
// itself; with the nickname, what comes with it (gender 0, empty texts). A picture of ours likewise. For
// everything that a client hands on from WeChat: logins, changes of the profile, open data.
void drop_anonymous(storage::profile_change& change);

} // namespace wxlogind::handlers
