#include "bench/load/scenario/sessions.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace wxlogind::load {

bool read_tokens(const std::string& file, std::vector<sessions>& by_thread) {
    if (!std::filesystem::exists(file)) return false;
    std::ifstream lines{file};
    std::size_t count = 0;
    for (std::string token; std::getline(lines, token); ++count) {
        open_session& each = by_thread[count % by_thread.size()].emplace_back();
        each.token = token;
    }
    if (count == 0) throw std::runtime_error{file + " holds no sessions, or cannot be read"};
    return true;
}

void keep_tokens(const std::string& file, const std::vector<sessions>& by_thread) {
    std::ofstream out{file, std::ios::trunc};
    using std::filesystem::perms;
    std::filesystem::permissions(file, perms::owner_read | perms::owner_write);
    for (const sessions& of_thread : by_thread)
        for (const open_session& each : of_thread) out << each.token << '\n';
    out.close();
    if (!out) throw std::runtime_error{file + " cannot be written"};
}

} // namespace wxlogind::load
