#include "bench/load/scenario/operation.hpp"

namespace wxlogind::load {

void operation::take_answer(std::uint32_t tag, const scanned_reply& reply, tally& into) {
    if (reply.status != 200) {
        give_up(tag);
        const std::string_view code = text_member(reply.body, "\"code\"");
        into.count_failure(reply.status, code);
        return;
    }
    const std::string_view wrong = judge(tag, reply.body, into);
    if (wrong.empty())
        ++into.succeeded;
    else
        into.count_failure(reply.status, wrong);
}

} // namespace wxlogind::load
