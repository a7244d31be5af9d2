// Pictures as files, for coroutines.
#pragma once

#include "storage/avatar_store.hpp"
#include "storage/blocking_thread.hpp"
#include "storage/files/avatar_directory.hpp"

namespace wxlogind::storage::files {

// What is read does not wait for what is written and synced: a thread for each.
class avatar_files final : public avatar_store {
public:
    avatar_files(const std::string& database, std::uint64_t min_free);

    task<result<std::string>> keep(std::string picture) override;
    task<result<std::uint64_t>> size_of(std::string id) override;
    task<result<std::string>> read(std::string id) override;
    task<result<void>> remove(std::string id) override;
    task<result<std::vector<std::string>>> aged(unsigned shelf) override;

    void close() override;

private:
    const avatar_directory directory_;
    blocking_thread writes_;
    blocking_thread reads_;
};

} // namespace wxlogind::storage::files
