// A file descriptor that is closed when its object goes.
#pragma once

#include <unistd.h>

#include <utility>

namespace app::base {

class Descriptor {
   public:
    // -1: none.
    explicit Descriptor(int descriptor = -1) noexcept : descriptor_(descriptor) {}
    Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~Descriptor() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    int get() const noexcept { return descriptor_; }

   private:
    int descriptor_;
};

}  // namespace app::base
