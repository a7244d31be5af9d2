#include "storage/sqlite/sqlite_sealed.hpp"

namespace wxlogind::storage::sqlite {

task<result<sealed_page>> sqlite_sealed::find_others_than(std::string prefix, std::int64_t behind) {
    return reads_.read([prefix = std::move(prefix), behind](read_tables& from) -> result<sealed_page> {
        return from.sealed.find_others_than(prefix, behind);
    });
}

task<result<std::size_t>> sqlite_sealed::replace(std::vector<resealed_value> values) {
    return writes_.write_when_idle([values = std::move(values)](tables& to) {
        std::size_t replaced = 0;
        for (const resealed_value& each : values) replaced += to.sealed.replace(each) ? 1 : 0;
        // What the old key opens is not to be found in the log either.
        to.wants_empty_log = true;
        return replaced;
    });
}

task<result<sealed_phone_page>> sqlite_sealed::find_phones_other_than(std::string prefix, user_id behind) {
    return reads_.read([prefix = std::move(prefix), behind](read_tables& from) -> result<sealed_phone_page> {
        return from.sealed.find_phones_other_than(prefix, behind);
    });
}

task<result<std::size_t>> sqlite_sealed::replace_phones(std::vector<resealed_phone> phones) {
    return writes_.write_when_idle([phones = std::move(phones)](tables& to) {
        std::size_t replaced = 0;
        for (const resealed_phone& each : phones) replaced += to.phones.replace(each) ? 1 : 0;
        to.wants_empty_log = true;
        return replaced;
    });
}

} // namespace wxlogind::storage::sqlite
