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

} // namespace wxlogind::storage::sqlite
