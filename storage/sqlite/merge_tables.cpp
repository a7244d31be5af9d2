#include "storage/sqlite/merge_tables.hpp"

#include "storage/sqlite/row_values.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace wxlogind::storage::sqlite {

namespace {

// What is taken over where the survivor lacks it, and what it is then. The unionid, which no two may have at
// once, goes its own way, and so does the phone number.
struct column {
    std::string_view name;
    std::string_view none;
};
constexpr std::array<column, 7> profile_columns{
    {{"nick_name", "''"},
     {"avatar_url", "''"},
     {"gender", "0"},
     {"country", "''"},
     {"province", "''"},
     {"city", "''"},
     {"language", "''"}}};
constexpr std::string_view unionid_name{"unionid"};
constexpr std::string_view phone_name{"phone"};

// `each`(column) for all of them, with commas between.
template <class Each>
std::string listed(Each each) {
    std::string text;
    for (const column& one : profile_columns) {
        if (!text.empty()) text += ", ";
        text += each(one);
    }
    return text;
}

std::string lacking(const column& one) {
    const std::string name{one.name};
    const std::string none{one.none};
    return "survivor." + name + " = " + none + " AND merged." + name + " <> " + none;
}

std::string taking(const column& one) {
    const std::string name{one.name};
    return name + " = iif(user." + name + " = " + std::string{one.none} + ", merged." + name + ", user." +
           name + ")";
}

void bind_pair(statement& to, const user_id& first, const user_id& second) {
    bind_id(to, 1, first);
    bind_id(to, 2, second);
}

} // namespace

merge_tables::merge_tables(
    connection& on, session_tables& sessions, audit_tables& audit, store_counters& counters)
    : on_{on},
      sessions_{sessions},
      audit_{audit},
      counters_{counters},
      merged_{on},
      phones_{on},
      find_{on, "SELECT created, state, unionid, revoked_through, updated FROM user WHERE id = ?1"},
      what_is_lacking_{
          on, "SELECT " + listed(&lacking) +
                  " FROM user AS survivor, user AS merged WHERE survivor.id = ?1 AND merged.id = ?2"},
      take_profile_{
          on, "UPDATE user SET updated = ?3, " + listed(&taking) +
                  " FROM user AS merged WHERE user.id = ?1 AND merged.id = ?2"},
      identities_{on, "SELECT number FROM identity WHERE user = ?1"},
      move_identities_{on, "UPDATE identity SET user = ?1 WHERE user = ?2"},
      move_identity_{on, "UPDATE identity SET user = ?1 WHERE user = ?2 AND number = ?3"},
      set_unionid_{on, "UPDATE user SET unionid = ?2 WHERE id = ?1"},
      erase_user_{on, "DELETE FROM user WHERE id = ?1"},
      revive_user_{
          on, "INSERT INTO user (id, created, updated, state, revoked_through) "
              "SELECT ?1, ?3, ?4, state, revoked_through FROM user WHERE id = ?2"},
      find_note_{on, "SELECT detail FROM audit WHERE user = ?1 AND event = 'merged' ORDER BY id DESC"} {}

std::optional<merge_tables::person> merge_tables::find(const user_id& id) {
    bind_id(find_, 1, id);
    execution row{find_};
    if (!row.step()) return std::nullopt;
    person found{.id = id, .created = time_in(find_, 0), .updated = time_in(find_, 4), .unionid = {}};
    found.state = static_cast<user_state>(find_.number(1));
    if (!find_.is_null(2)) found.unionid.emplace(find_.text(2));
    found.revoked_through = find_.number(3);
    return found;
}

result<merge_outcome> merge_tables::merge(const user_id& one, const user_id& other, const revoking& when) {
    if (one == other) return failure{errc::invalid_request, "users: the same twice"};
    auto first = find(meant_by(one));
    auto second = find(meant_by(other));
    if (!first || !second) return errc::not_found;
    if (first->id == second->id)
        return merge_outcome{first->id, first->id == one ? other : one, first->state};
    if (first->unionid && second->unionid && *first->unionid != *second->unionid)
        return failure{errc::invalid_request, "users: WeChat tells them apart, their unionids differ"};
    const bool is_first_older = std::pair{first->created, first->id} < std::pair{second->created, second->id};
    return is_first_older ? join(*first, *second, when) : join(*second, *first, when);
}

merge_outcome merge_tables::join(const person& survivor, const person& merged, const revoking& when) {
    const bool is_banned = survivor.state == user_state::banned || merged.state == user_state::banned;
    merged_.lead(
        {.id = merged.id,
         .created = merged.created,
         .revoked_through = merged.revoked_through,
         .tokens_until = sessions_.until_of(when)},
        survivor.id, when.now);
    const merge_note note = take_over(survivor, merged, when.now);
    if (is_banned) {
        static_cast<void>(sessions_.set_state(survivor.id, user_state::banned, when.now));
        sessions_.revoke_all_of(survivor.id, when);
    } else if (survivor.revoked_through != 0) {
        sessions_.revoke_merged_into(survivor.id, survivor.revoked_through, when);
    }
    audit_.append(
        {.event = audit_event::merged, .actor = when.by, .user = survivor.id, .detail = to_string(note)},
        when.now);
    count(counters_.merges);
    return {survivor.id, merged.id, is_banned ? user_state::banned : user_state::active};
}

// Everything but the sessions; the row of the merged user goes.
merge_note merge_tables::take_over(const person& survivor, const person& merged, unix_millis now) {
    merge_note note{.merged = merged.id, .identities = {}, .taken_over = {}, .set_aside = {}};
    {
        bind_pair(what_is_lacking_, survivor.id, merged.id);
        execution row{what_is_lacking_};
        row.step();
        int at = 0;
        for (const column& each : profile_columns)
            if (what_is_lacking_.number(at++) != 0) note.taken_over.emplace_back(each.name);
    }
    {
        bind_id(identities_, 1, merged.id);
        execution rows{identities_};
        while (rows.step()) note.identities.push_back(identities_.number(0));
    }
    bind_pair(take_profile_, survivor.id, merged.id);
    take_profile_.bind(3, count_of(now));
    run(take_profile_);
    bind_pair(move_identities_, survivor.id, merged.id);
    run(move_identities_);
    const auto phone = phones_.take_over(survivor.id, merged.id);
    if (phone == merged_phones::fate::taken) note.taken_over.emplace_back(phone_name);
    if (phone == merged_phones::fate::set_aside) note.set_aside.emplace_back(phone_name);
    bind_id(erase_user_, 1, merged.id);
    run(erase_user_);
    if (merged.unionid && !survivor.unionid) {
        note.taken_over.emplace_back(unionid_name);
        bind_id(set_unionid_, 1, survivor.id);
        set_unionid_.bind(2, std::string_view{*merged.unionid});
        run(set_unionid_);
    }
    return note;
}

result<merge_tables::revival> merge_tables::unmerge(const user_id& merged, const revoking& when) {
    const auto past = merged_.find(merged);
    const auto survivor = past ? find(past->survivor) : std::nullopt;
    if (!survivor) return errc::not_found;
    const auto note = find_note(merged, past->into);
    if (!note) return failure{errc::not_found, "the audit log does not know of the merge any more"};

    sessions_.revoke_all_of(survivor->id, when); // and of all who were merged into it
    bind_pair(revive_user_, merged, survivor->id);
    revive_user_.bind(3, count_of(past->created));
    revive_user_.bind(4, count_of(when.now));
    run(revive_user_);
    // Changed since: nobody can tell whose the values are.
    if (past->into == survivor->id && past->at == survivor->updated) give_back(*note, *survivor);
    phones_.give_back(survivor->id, merged);
    for (const std::int64_t each : note->identities) {
        bind_pair(move_identity_, merged, survivor->id);
        move_identity_.bind(3, each);
        run(move_identity_);
    }
    merged_.lead_back(merged, survivor->id, when);
    audit_.append(
        {.event = audit_event::unmerged, .actor = when.by, .user = survivor->id, .detail = to_string(merged)},
        when.now);
    return revival{survivor->id, note->identities};
}

std::optional<merge_note> merge_tables::find_note(const user_id& merged, const user_id& into) {
    bind_id(find_note_, 1, into);
    execution rows{find_note_};
    while (rows.step())
        if (auto note = parse_merge_note(find_note_.text(0)); note && note->merged == merged) return note;
    return std::nullopt;
}

void merge_tables::give_back(const merge_note& note, const person& survivor) {
    const auto was_taken = [&note](std::string_view name) {
        return std::ranges::find(note.taken_over, name) != note.taken_over.end();
    };
    for (const column& each : profile_columns) {
        if (!was_taken(each.name)) continue;
        const std::string set = std::string{"UPDATE user SET "}.append(each.name).append(" = ");
        statement give{
            on_, std::string{set}.append("from_.").append(each.name).append(
                     " FROM user AS from_ WHERE user.id = ?1 AND from_.id = ?2")};
        bind_pair(give, note.merged, survivor.id);
        run(give);
        statement drop{on_, std::string{set}.append(each.none).append(" WHERE id = ?1")};
        bind_id(drop, 1, survivor.id);
        run(drop);
    }
    if (!was_taken(unionid_name) || !survivor.unionid) return;
    bind_id(set_unionid_, 1, survivor.id);
    set_unionid_.bind_null(2);
    run(set_unionid_);
    bind_id(set_unionid_, 1, note.merged);
    set_unionid_.bind(2, std::string_view{*survivor.unionid});
    run(set_unionid_);
}

} // namespace wxlogind::storage::sqlite
