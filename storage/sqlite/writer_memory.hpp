// What the writer knows for as long as it lives, however often the database is opened meanwhile.
#pragma once

#include "storage/sqlite/id_sources.hpp"

#include <cstdint>
#include <map>

namespace wxlogind::storage::sqlite {

struct writer_memory {
    id_sources ids;
    // Sessions whose refresh failed with the commit, by the generation that nobody was given then: the commit
    // may have been kept all the same.
    std::map<std::int64_t, std::uint32_t> unanswered_refreshes;
};

} // namespace wxlogind::storage::sqlite
