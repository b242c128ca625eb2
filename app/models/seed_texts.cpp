#include "app/models/seed_texts.hpp"

#include <iterator>
#include <string_view>

namespace app::models {

namespace {

constexpr int bodies = 256;

constexpr std::string_view first_names[] = {"Amara", "Ben",  "Chiara", "Dmitri", "Elif",  "Farid",  "Greta", "Hiro",  "Ines",
                                            "Jonas", "Kofi", "Lea",    "Maria",  "Nils",  "Oksana", "Pablo", "Quinn", "Rosa",
                                            "Samir", "Tove", "Uma",    "Vera",   "Wanda", "Xenia",  "Yusuf", "Zoe"};
constexpr std::string_view last_names[] = {"Abe",   "Berg",   "Costa",  "Diaz",  "Evans",  "Fuchs", "Garcia", "Holm",
                                           "Ito",   "Jansen", "Khan",   "Lind",  "Moreau", "Novak", "Okoye",  "Peters",
                                           "Rossi", "Sato",   "Tanaka", "Urban", "Vogel",  "Weber", "Yilmaz", "Zhang"};
constexpr std::string_view subjects[] = {"the tea",         "a small boat",   "my neighbour's cat", "the café on the corner",
                                         "every release",   "the old bridge", "that index",         "the first snow",
                                         "our garden",      "the compiler",   "a quiet morning",    "Jürgen's bicycle",
                                         "the night train", "this recipe",    "the library",        "Μαρία"};
constexpr std::string_view verbs[] = {"keeps",    "surprises", "outlives", "deserves",  "needs",   "follows",
                                      "explains", "hides",     "repairs",  "remembers", "teaches", "crosses"};
constexpr std::string_view objects[] = {"its warmth",        "more than it promised", "the whole street",  "a second look",
                                        "nobody in a hurry", "what we left out",      "two cups of sugar", "the long way home",
                                        "an honest answer",  "the rest of the week",  "dem Regen",         "the smell of 桜",
                                        "half of the story", "a little patience",     "the tide",          "good shoes"};
constexpr std::string_view endings[] = {".", ".", ".", ".", "!", "?", " — at last.", " 🍵", "…"};
constexpr std::string_view marks[] = {"*", "**", "`"};

template <std::size_t size>
std::string_view one_of(Dice& dice, const std::string_view (&all)[size]) {
    return all[dice.below(static_cast<std::int64_t>(size))];
}

std::string capitalised(std::string text) {
    if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

// What is drawn is drawn one after the other: the parts of one expression are evaluated in any order.
std::string make_clause(Dice& dice) {
    std::string text(one_of(dice, subjects));
    text.append(" ").append(one_of(dice, verbs));
    const std::string_view mark = dice.one_in(5) ? one_of(dice, marks) : "";
    text.append(" ").append(mark);
    text.append(one_of(dice, objects));
    return text.append(mark);
}

std::string make_sentences(Dice& dice, std::int64_t count) {
    std::string text;
    for (; count > 0; --count) {
        if (!text.empty()) text += " ";
        text += capitalised(make_clause(dice));
        if (dice.one_in(3)) text += ", and " + make_clause(dice);
        text += one_of(dice, endings);
    }
    return text;
}

std::string make_block(Dice& dice) {
    switch (dice.below(10)) {
        case 0: {
            std::string list;
            for (std::int64_t left = 2 + dice.below(4); left > 0; --left) list += "- " + make_clause(dice) + "\n";
            return list;
        }
        case 1: return "> " + make_sentences(dice, 1 + dice.below(2)) + "\n";
        case 2: return "    tea --leaves " + std::to_string(dice.below(100)) + " | tee cup.txt\n";
        case 3: return "See [the notes](https://example.com/notes/" + std::to_string(dice.below(10'000)) + ").\n";
        default: return make_sentences(dice, 1 + dice.below(4)) + "\n";
    }
}

}  // namespace

std::string make_username(Dice& dice, std::int64_t number) {
    std::string name(one_of(dice, first_names));
    name.append(".").append(one_of(dice, last_names));
    return name + std::to_string(number);
}

std::vector<PostBody> make_post_bodies(Dice& dice) {
    std::vector<PostBody> made;
    for (int i = 0; i < bodies; ++i) {
        std::string text = dice.one_in(3) ? "# " + capitalised(make_clause(dice)) + "\n\n" : "";
        for (std::int64_t left = 1 + dice.skewed_below(6); left > 0; --left) text += make_block(dice) + "\n";
        made.emplace_back(std::move(text));
    }
    return made;
}

std::vector<CommentBody> make_comment_bodies(Dice& dice) {
    std::vector<CommentBody> made;
    made.reserve(bodies);
    for (int i = 0; i < bodies; ++i) made.emplace_back(make_sentences(dice, 1 + dice.skewed_below(3)));
    return made;
}

}  // namespace app::models
