// What cameras and programs write beside the pixels: where a picture was taken, when, with what, by whom.
#pragma once

#include "core/base/errors.hpp"
#include "handlers/pictures/picture.hpp"

#include <string>

namespace wxlogind::handlers {

// Takes it out of a whole picture, in place: what stays is what the pixels are drawn with (colours, frames,
// and in which direction a JPEG is up). Whatever follows the picture goes, too: phones append films there.
// One pass, no memory of its own. errc::invalid_request: the picture is cut off, or damaged where its parts
// are joined, so that nobody could tell what is in it. The pixels themselves are not looked at.
[[nodiscard]] result<void> strip_metadata(std::string& picture, picture_format format);

} // namespace wxlogind::handlers
