#include "storage/sqlite/sqlite_phones.hpp"

namespace wxlogind::storage::sqlite {

task<result<phone_outcome>> sqlite_phones::bind_phone(phone_binding binding) {
    return writes_.write([binding = std::move(binding)](tables& to) {
        auto bound = to.phones.bind(binding);
        if (!bound) return bound;
        to.audit.append(
            {.event = audit_event::phone_bound, .actor = "user", .user = binding.user}, binding.now);
        for (const user_id& other : bound->others)
            to.audit.append(
                {.event = audit_event::phone_shared, .user = binding.user, .detail = to_string(other)},
                binding.now);
        // The number before it is not to be found in the log either.
        to.wants_empty_log = true;
        return bound;
    });
}

task<result<std::uint32_t>> sqlite_phones::note_paid_call(paid_call call) {
    return writes_.write([call = std::move(call)](tables& to) { return to.phones.note_paid_call(call); });
}

task<result<void>> sqlite_phones::take_back_paid_call(paid_call call) {
    return writes_.write([call = std::move(call)](tables& to) { to.phones.take_back_paid_call(call); });
}

} // namespace wxlogind::storage::sqlite
