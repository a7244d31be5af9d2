#include "handlers/pictures/profile_avatar.hpp"

namespace wxlogind::handlers {

task<std::string> avatar_of(user_id user, services& with) {
    const auto known = co_await with.store.find_user(user);
    std::string id;
    if (known) id = storage::avatar_id_in(known->profile.avatar_url);
    co_return id;
}

task<> forget_avatar(std::string id, services& with) {
    if (id.empty()) co_return;
    [[maybe_unused]] const auto done = co_await with.avatars.store.remove(std::move(id));
}

} // namespace wxlogind::handlers
