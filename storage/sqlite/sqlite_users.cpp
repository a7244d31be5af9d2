#include "storage/sqlite/sqlite_users.hpp"

namespace wxlogind::storage::sqlite {

task<result<user_record>> sqlite_users::change_profile(user_id id, profile_change change, unix_millis now) {
    return writes_.write([id, change = std::move(change), now](tables& to) {
        return to.users.change_profile(id, change, now);
    });
}

task<result<void>> sqlite_users::erase(user_id named, revoking when) {
    return writes_.write([named, when = std::move(when)](tables& to) {
        const user_id id = to.merges.meant_by(named);
        auto erased = to.users.erase(id, when);
        if (!erased) return erased;
        to.audit.append({.event = audit_event::erased, .actor = when.by, .user = id}, when.now);
        to.wants_empty_log = true;
        return erased;
    });
}

task<result<merge_outcome>> sqlite_users::merge(user_id one, user_id other, revoking when) {
    return writes_.write(
        [one, other, when = std::move(when)](tables& to) { return to.merges.merge(one, other, when); });
}

task<result<user_id>> sqlite_users::unmerge(user_id merged, revoking when) {
    return writes_.write(
        [merged, when = std::move(when)](tables& to) { return to.users.unmerge(merged, when); });
}

task<result<user_page>>
sqlite_users::list(user_filter filter, std::optional<user_position> behind, std::size_t limit) {
    return reads_.read(
        [filter = std::move(filter), behind = std::move(behind),
         limit](read_tables& from) -> result<user_page> { return from.lists.page(filter, behind, limit); });
}

task<result<std::vector<identity_record>>> sqlite_users::identities_of(user_id id) {
    return reads_.read([id](read_tables& from) -> result<std::vector<identity_record>> {
        return from.lists.identities_of(id);
    });
}

task<result<std::vector<merged_record>>> sqlite_users::merged_into(user_id survivor) {
    return reads_.read([survivor](read_tables& from) -> result<std::vector<merged_record>> {
        return from.lists.merged_into(survivor);
    });
}

task<result<std::vector<std::string>>> sqlite_users::unused_avatars(std::vector<std::string> avatar_urls) {
    return reads_.read(
        [avatar_urls = std::move(avatar_urls)](read_tables& from) -> result<std::vector<std::string>> {
            std::vector<std::string> unused;
            for (const std::string& each : avatar_urls)
                if (!from.lists.is_avatar_used(each)) unused.push_back(each);
            return unused;
        });
}

task<result<session_trail>> sqlite_users::trail_of_sessions(user_id id) {
    return writes_.write([id](tables& in) { return in.users.trail_of_sessions(id); });
}

task<result<session_page>> sqlite_users::sessions_on(session_trail trail) {
    return reads_.read([trail = std::move(trail)](read_tables& from) -> result<session_page> {
        return from.trails.follow(trail);
    });
}

} // namespace wxlogind::storage::sqlite
