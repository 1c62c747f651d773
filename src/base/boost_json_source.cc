// Boost.JSON compiled into the program: with the shared library, ThreadSanitizer reports a race in its shared resource.
#include <boost/json/src.hpp>
