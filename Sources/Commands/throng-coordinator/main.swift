import Shared

print(throngVersion)
