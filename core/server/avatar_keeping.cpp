#include "core/server/avatar_keeping.hpp"

#include "core/base/log.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace wxlogind {

namespace {

constexpr std::size_t most_at_once = 64;

std::vector<std::string> urls_of(const std::vector<std::string>& ids, std::size_t from) {
    std::vector<std::string> urls;
    for (std::size_t i = from; i < std::min(ids.size(), from + most_at_once); ++i)
        urls.push_back(std::string{storage::avatar_path} + ids[i]);
    return urls;
}

task<std::size_t> tidy_shelf(storage::avatar_store& avatars, storage::user_store& users, unsigned shelf) {
    std::size_t removed = 0;
    const auto ids = co_await avatars.aged(shelf);
    if (!ids) co_return removed; // the next round comes
    for (std::size_t from = 0; from < ids->size(); from += most_at_once) {
        auto urls = urls_of(*ids, from);
        const auto unused = co_await users.unused_avatars(std::move(urls));
        if (!unused) co_return removed;
        for (const std::string& each : *unused) {
            std::string id{storage::avatar_id_in(each)};
            const auto done = co_await avatars.remove(std::move(id));
            removed += done ? 1 : 0;
        }
    }
    co_return removed;
}

} // namespace

task<> remove_unused_avatars(
    net::reactor& on, storage::avatar_store& avatars, storage::user_store& users, avatar_pace pace) {
    steady_timer timer{on.get_executor()};
    for (unsigned shelf = 0;; shelf = (shelf + 1) % storage::avatar_store::shelves) {
        timer.expires_after(pace.between_shelves);
        const auto [error] = co_await timer.async_wait(as_result);
        if (error) co_return;
        const std::size_t removed = co_await tidy_shelf(avatars, users, shelf);
        if (removed != 0)
            log_info("pictures that nobody shows were removed", {{"count", std::to_string(removed), true}});
    }
}

} // namespace wxlogind
