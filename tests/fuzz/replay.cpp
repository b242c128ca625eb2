// The main of a fuzz target in a build without libFuzzer: runs every file of the folders and files that are named.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz.hpp"

namespace {

void run(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    std::fprintf(stderr, "%s\n", path.c_str());
    // A copy of exactly that size: a read past the end is then AddressSanitizer's to see.
    const std::vector<std::uint8_t> input{bytes.begin(), bytes.end()};
    LLVMFuzzerTestOneInput(input.data(), input.size());
}

}  // namespace

int main(int count, char** arguments) {
    int runs = 0;
    for (int at = 1; at < count; ++at) {
        if (std::filesystem::is_directory(arguments[at])) {
            for (const auto& entry : std::filesystem::directory_iterator{arguments[at]}) {
                run(entry.path());
                ++runs;
            }
        } else {
            run(arguments[at]);
            ++runs;
        }
    }
    std::fprintf(stderr, "%d inputs\n", runs);
    return runs > 0 ? 0 : 1;
}
