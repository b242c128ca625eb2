// A reference to a callable, for parameters that are only called during the call: no allocation and no copy, unlike
// std::function. What C++26 calls std::function_ref; to be replaced by it.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace app::base {

template <class Signature>
class FunctionRef;

template <class Result, class... Arguments>
class FunctionRef<Result(Arguments...)> {
   public:
    // The callable must outlive this reference.
    template <class Callable>
        requires(!std::is_same_v<std::remove_cvref_t<Callable>, FunctionRef> &&
                 std::is_invocable_r_v<Result, Callable&, Arguments...>)
    FunctionRef(Callable&& callable) noexcept
        : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
          call_([](void* object, Arguments... arguments) -> Result {
              return (*static_cast<std::remove_reference_t<Callable>*>(object))(std::forward<Arguments>(arguments)...);
          }) {}

    Result operator()(Arguments... arguments) const { return call_(object_, std::forward<Arguments>(arguments)...); }

   private:
    void* object_;
    Result (*call_)(void*, Arguments...);
};

}  // namespace app::base
