#include "storage/sqlite/user_lists.hpp"

#include "storage/sqlite/row_values.hpp"
#include "storage/sqlite/user_reads.hpp"

#include <algorithm>

namespace wxlogind::storage::sqlite {

namespace {

std::string select(std::string_view where) {
    std::string text{"SELECT "};
    text += user_columns;
    text += ", id FROM user WHERE ";
    text += where;
    return text;
}

constexpr int id_column = user_column_count;

// No id is above it.
constexpr user_id last_id{
    {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, //
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

// The first text behind all that begin with `prefix`. No byte of UTF-8 is 0xff.
std::string end_of_prefix(std::string_view prefix) {
    std::string end{prefix};
    if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
    return end;
}

// One more than `limit` was asked for: it shows that there is a next page.
user_page take_page(statement& from, std::size_t limit, bool is_by_name) {
    user_page page;
    execution rows{from};
    while (rows.step()) {
        if (page.users.size() == limit) {
            const user_record& last = page.users.back();
            page.next = user_position{last.id, is_by_name ? last.profile.nick_name : std::string{}};
            break;
        }
        page.users.push_back(user_in(from, id_in(from.blob(id_column))));
    }
    return page;
}

} // namespace

user_lists::user_lists(connection& on)
    : all_{on, select("id < ?1 ORDER BY id DESC LIMIT ?2")},
      by_id_{on, select("id = ifnull((SELECT survivor FROM merged_user WHERE id = ?1), ?1)")},
      by_unionid_{on, select("unionid = ?1")},
      by_openid_{
          on, select("id IN (SELECT user FROM identity WHERE app IN (SELECT id FROM app) AND openid = ?1) "
                     "AND id < ?2 ORDER BY id DESC LIMIT ?3")},
      // One lower bound, of which SQLite can make the start in the index: of two it takes the first, and
      // reads all names from there on.
      by_nick_name_{
          on, select("nick_name <> '' AND (nick_name, id) > (?1, ?2) AND nick_name < ?3 "
                     "ORDER BY nick_name, id LIMIT ?4")},
      by_state_{on, select("state <> 0 AND state = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3")},
      by_phone_{
          on, select("phone_index IS NOT NULL AND phone_index IN (?1, ?2, ?3, ?4) AND id < ?5 "
                     "ORDER BY id DESC LIMIT ?6")},
      identities_{
          on, "SELECT a.appid, i.openid, i.created FROM identity AS i JOIN app AS a "
              "ON a.id = i.app WHERE i.user = ?1 ORDER BY i.created"},
      merged_{
          on, "SELECT id, created, merged, phone, phone_sealed_for FROM merged_user WHERE survivor = ?1 "
              "ORDER BY id"},
      // The bounds are those of the index, by which it is found.
      by_avatar_{
          on, "SELECT 1 FROM user WHERE avatar_url = ?1 AND avatar_url >= '/avatars/' "
              "AND avatar_url < '/avatars0' LIMIT 1"} {}

user_page
user_lists::page(const user_filter& filter, const std::optional<user_position>& behind, std::size_t limit) {
    const user_id& below = behind ? behind->id : last_id;
    const auto most = static_cast<std::int64_t>(limit + 1);
    if (filter.id) {
        bind_id(by_id_, 1, *filter.id);
        return take_page(by_id_, limit, false);
    }
    if (filter.unionid) {
        by_unionid_.bind(1, *filter.unionid);
        return take_page(by_unionid_, limit, false);
    }
    if (filter.openid) {
        by_openid_.bind(1, *filter.openid);
        bind_id(by_openid_, 2, below);
        by_openid_.bind(3, most);
        return take_page(by_openid_, limit, false);
    }
    if (filter.nick_name_prefix) {
        const std::string& prefix = *filter.nick_name_prefix;
        const std::string end = end_of_prefix(prefix);
        const bool goes_on = behind && behind->nick_name >= prefix;
        by_nick_name_.bind(1, goes_on ? behind->nick_name : prefix);
        by_nick_name_.bind_blob(
            2, below.bytes.data(), goes_on ? below.bytes.size() : 0); // any id is above ""
        by_nick_name_.bind(3, end);
        by_nick_name_.bind(4, most);
        return take_page(by_nick_name_, limit, true);
    }
    if (filter.state) {
        by_state_.bind(1, static_cast<std::int64_t>(*filter.state));
        bind_id(by_state_, 2, below);
        by_state_.bind(3, most);
        return take_page(by_state_, limit, false);
    }
    if (!filter.phone_indexes.empty()) {
        for (std::size_t i = 0; i < 4; ++i) {
            const std::string& index = filter.phone_indexes[std::min(i, filter.phone_indexes.size() - 1)];
            by_phone_.bind_blob(static_cast<int>(i + 1), index.data(), index.size());
        }
        bind_id(by_phone_, 5, below);
        by_phone_.bind(6, most);
        return take_page(by_phone_, limit, false);
    }
    bind_id(all_, 1, below);
    all_.bind(2, most);
    return take_page(all_, limit, false);
}

bool user_lists::is_avatar_used(std::string_view avatar_url) {
    by_avatar_.bind(1, avatar_url);
    execution user{by_avatar_};
    return user.step();
}

std::vector<identity_record> user_lists::identities_of(const user_id& id) {
    std::vector<identity_record> all;
    bind_id(identities_, 1, id);
    execution rows{identities_};
    while (rows.step())
        all.push_back(
            {.appid = std::string{identities_.text(0)},
             .openid = std::string{identities_.text(1)},
             .created = time_in(identities_, 2)});
    return all;
}

std::vector<merged_record> user_lists::merged_into(const user_id& survivor) {
    std::vector<merged_record> all;
    bind_id(merged_, 1, survivor);
    execution rows{merged_};
    while (rows.step()) {
        merged_record& each = all.emplace_back();
        each.id = id_in(merged_.blob(0));
        each.created = time_in(merged_, 1);
        each.merged = time_in(merged_, 2);
        if (merged_.is_null(3)) continue;
        each.sealed_phone = merged_.blob(3);
        each.phone_sealed_for = id_in(merged_.blob(4));
    }
    return all;
}

} // namespace wxlogind::storage::sqlite
