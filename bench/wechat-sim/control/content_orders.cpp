#include "bench/wechat-sim/control/fields.hpp"
#include "bench/wechat-sim/control/orders.hpp"

namespace wxlogind::wechat_sim {

control_reply put_word(const control_order& order) {
    refuse_unknown(order.body, std::array<std::string_view, 3>{"word", "suggest", "label"});
    content_verdict verdict;
    verdict.word = required_text(order.body, "word");
    verdict.suggest = required_text(order.body, "suggest");
    if (verdict.suggest != "pass" && verdict.suggest != "review" && verdict.suggest != "risky")
        throw bad_order{R"("suggest" has to be "pass", "review" or "risky")"};
    verdict.label = static_cast<int>(number_field(order.body, "label", 100, 99'999).value_or(21'000));
    if (!order.targets.everything.contents().put(verdict)) throw bad_order{409, "too many words"};
    return {204, "", ""};
}

} // namespace wxlogind::wechat_sim
