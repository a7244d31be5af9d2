#include "tests/support/secret_search.hpp"

#include "tests/support/traces.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <set>

namespace wxlogind::test {

namespace {

std::uint64_t eight_bytes_at(const char* where) noexcept {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, where, sizeof bytes);
    return bytes;
}

} // namespace

void secret_search::add(std::string_view what, std::string_view secret) {
    if (secret.size() >= least_secret) secrets_.emplace_back(what, secret);
}

void secret_search::index() {
    std::ranges::sort(secrets_);
    const auto twice = std::ranges::unique(secrets_);
    secrets_.erase(twice.begin(), twice.end());
    forms_.clear();
    for (std::size_t i = 0; i < secrets_.size(); ++i)
        for (std::string& text : forms_of(secrets_[i].second))
            if (text.size() >= least_secret)
                forms_.push_back(
                    {eight_bytes_at(text.data() + text.size() - 8), static_cast<std::uint32_t>(i),
                     std::move(text)});
    std::ranges::sort(forms_, {}, &form::tail);
    tails_.assign(std::bit_ceil(forms_.size() * 16 + 2), false);
    for (const form& each : forms_) tails_[slot_of(each.tail)] = true;
    indexed_ = secrets_.size();
}

std::size_t secret_search::slot_of(std::uint64_t tail) const noexcept {
    return (tail * 0x9E3779B97F4A7C15u) >> (64 - std::countr_zero(tails_.size()));
}

std::vector<std::string> secret_search::find_in(std::string_view text) {
    if (secrets_.empty()) return {};
    if (indexed_ != secrets_.size()) index();
    std::set<std::uint32_t> found;
    std::vector<std::string> report;
    for (std::size_t end = 8; end <= text.size(); ++end) {
        const std::uint64_t tail = eight_bytes_at(text.data() + end - 8);
        if (!tails_[slot_of(tail)]) continue;
        for (const form& each : std::ranges::equal_range(forms_, tail, {}, &form::tail)) {
            if (!text.substr(0, end).ends_with(each.text) || !found.insert(each.secret).second) continue;
            const std::size_t begin = end - each.text.size();
            const std::size_t before = std::min<std::size_t>(begin, 120);
            report.push_back(
                std::string{secrets_[each.secret].first} + " as " + each.text + " after " +
                std::string{text.substr(begin - before, before)});
        }
    }
    return report;
}

} // namespace wxlogind::test
