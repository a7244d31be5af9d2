#include "storage/sqlite/phone_tables.hpp"

#include "storage/sqlite/row_values.hpp"

namespace wxlogind::storage::sqlite {

namespace {

constexpr std::size_t most_others = 8;

// One number in `meta` for each app: the day, and how many calls it had.
constexpr std::int64_t calls_of_a_day = std::int64_t{1} << 32;

std::string meter_of(std::string_view appid) {
    return "phone_calls " + std::string{appid};
}

} // namespace

phone_tables::phone_tables(connection& on)
    : users_{on},
      bind_{
          on, "UPDATE user SET phone = ?2, phone_index = ?3, phone_sealed_for = NULL, updated = ?4 "
              "WHERE id = ?1"},
      find_{
          on, "SELECT id FROM user WHERE phone_index IS NOT NULL AND phone_index = ?1 AND id <> ?2 LIMIT ?3"},
      replace_{on, "UPDATE user SET phone = ?3, phone_index = ?4 WHERE id = ?1 AND phone = ?2 RETURNING 1"},
      replace_set_aside_{
          on, "UPDATE merged_user SET phone = ?3, phone_index = ?4 WHERE id = ?1 AND phone = ?2 RETURNING 1"},
      find_calls_{on, "SELECT value FROM meta WHERE name = ?1"},
      set_calls_{
          on, "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2"} {}

result<phone_outcome> phone_tables::bind(const phone_binding& binding) {
    const auto user = users_.find(binding.user);
    if (!user) return user.error();
    if (user->state == user_state::banned) return errc::user_blocked;
    bind_id(bind_, 1, binding.user);
    bind_.bind_blob(2, binding.sealed.data(), binding.sealed.size());
    bind_.bind_blob(3, binding.index.data(), binding.index.size());
    bind_.bind(4, count_of(binding.now));
    run(bind_);
    return phone_outcome{others_than(binding)};
}

std::vector<user_id> phone_tables::others_than(const phone_binding& binding) {
    std::vector<user_id> others;
    for (const std::string& index : binding.all_indexes) {
        find_.bind_blob(1, index.data(), index.size());
        bind_id(find_, 2, binding.user);
        find_.bind(3, static_cast<std::int64_t>(most_others));
        execution rows{find_};
        while (others.size() < most_others && rows.step()) others.push_back(id_in(find_.blob(0)));
    }
    return others;
}

bool phone_tables::replace(const resealed_phone& phone) {
    return replace_in(replace_, phone) || replace_in(replace_set_aside_, phone);
}

bool phone_tables::replace_in(statement& where, const resealed_phone& phone) {
    bind_id(where, 1, phone.user);
    where.bind_blob(2, phone.before.data(), phone.before.size());
    where.bind_blob(3, phone.after.data(), phone.after.size());
    where.bind_blob(4, phone.index.data(), phone.index.size());
    execution change{where};
    const bool is_there = change.step();
    while (is_there && change.step()) {
    }
    return is_there;
}

std::uint32_t phone_tables::calls_of(const paid_call& call) {
    const std::string meter = meter_of(call.appid);
    find_calls_.bind(1, meter);
    execution row{find_calls_};
    if (!row.step() || find_calls_.number(0) / calls_of_a_day != call.day) return 0;
    return static_cast<std::uint32_t>(find_calls_.number(0) % calls_of_a_day);
}

void phone_tables::set_calls(const paid_call& call, std::uint32_t calls) {
    const std::string meter = meter_of(call.appid);
    set_calls_.bind(1, meter);
    set_calls_.bind(2, call.day * calls_of_a_day + calls);
    run(set_calls_);
}

result<std::uint32_t> phone_tables::note_paid_call(const paid_call& call) {
    const std::uint32_t before = calls_of(call);
    if (call.budget != 0 && before >= call.budget) return errc::rate_limited;
    set_calls(call, before + 1);
    return before + 1;
}

void phone_tables::take_back_paid_call(const paid_call& call) {
    if (const std::uint32_t before = calls_of(call); before != 0) set_calls(call, before - 1);
}

} // namespace wxlogind::storage::sqlite
