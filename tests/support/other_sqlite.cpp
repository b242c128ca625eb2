// Loaded in front of SQLite (LD_PRELOAD): a library of another version than the one that `manage` was built with.
extern "C" const char* sqlite3_libversion() { return "3.99.0"; }
