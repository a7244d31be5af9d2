// Ids that the writer gives out.
#pragma once

#include "core/base/user_id.hpp"

#include <cstdint>

namespace wxlogind::storage::sqlite {

// Numbers that outlive a connection: what was given once is never given again, whatever became of it.
struct id_sources {
    user_id_source users;
    std::int64_t last_session{0};
    std::int64_t last_identity{0};
    std::int64_t last_audit{0};
};

} // namespace wxlogind::storage::sqlite
