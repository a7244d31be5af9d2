// Which words WeChat finds fault with: those that were ordered.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

struct content_verdict {
    std::string suggest{"pass"}; // "pass", "review" or "risky"
    int label{100};              // 100 = normal
    std::string word{};          // that it was found by
};

// Any thread.
class content_book {
public:
    // "pass" takes the word back. False: there are 1,000 already.
    bool put(const content_verdict& about);

    // The worst that any of the words in the text calls for.
    [[nodiscard]] content_verdict judge(std::string_view text) const;

private:
    mutable std::mutex lock_;
    std::map<std::string, content_verdict, std::less<>> words_;
};

} // namespace wxlogind::wechat_sim
