#include "bench/wechat-sim/world/content_book.hpp"

namespace wxlogind::wechat_sim {

namespace {

constexpr std::size_t max_words = 1000;

int severity_of(const content_verdict& which) noexcept {
    if (which.suggest == "risky") return 2;
    return which.suggest == "review" ? 1 : 0;
}

} // namespace

bool content_book::put(const content_verdict& about) {
    const std::scoped_lock locked{lock_};
    if (about.suggest == "pass") {
        words_.erase(about.word);
        return true;
    }
    if (words_.size() >= max_words && !words_.contains(about.word)) return false;
    words_[about.word] = about;
    return true;
}

content_verdict content_book::judge(std::string_view text) const {
    const std::scoped_lock locked{lock_};
    content_verdict worst;
    for (const auto& [word, verdict] : words_)
        if (severity_of(verdict) > severity_of(worst) && text.find(word) != std::string_view::npos)
            worst = verdict;
    return worst;
}

} // namespace wxlogind::wechat_sim
