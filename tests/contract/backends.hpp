// Every store that the contract holds for. A backend is an empty database of its own, which can be opened
// and closed again and again.
#pragma once

#include "storage/open_store.hpp"
#include "storage/sqlite/connection.hpp"
#include "tests/support/temporary_directory.hpp"

#include <memory>
#include <string>
#include <tuple>

namespace wxlogind::test {

class sqlite_backend {
public:
    storage::store_counters counters;

    std::unique_ptr<storage::store> open(storage::revocation_observer* observer = nullptr) {
        return storage::open_store(settings, counters, observer);
    }

    // While it is closed: what other parts of the program do to the rows.
    void change_while_closed(const std::string& sql) {
        storage::sqlite::connection db{path(), storage::sqlite::open_mode::read_write, ""};
        db.run(sql);
    }

    [[nodiscard]] std::string path() const { return directory_.file("users.db"); }

private:
    temporary_directory directory_;

public:
    storage_settings settings{.url = "sqlite:" + path()};
};

using every_backend = std::tuple<sqlite_backend>;

} // namespace wxlogind::test
